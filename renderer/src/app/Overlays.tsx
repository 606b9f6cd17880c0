import { AboutSheet } from './AboutSheet'
import { AskSheet } from './AskSheet'
import { HelpSheet } from './HelpSheet'
import { Palette } from './Palette'
import { RemoveSheet } from './RemoveSheet'
import { SettingsSheet } from './SettingsSheet'

/** Sheets and palette; a script of its own, because the front page can be used before. */
export default function Overlays() {
  return (
    <>
      <Palette />
      <SettingsSheet />
      <HelpSheet />
      <AboutSheet />
      <AskSheet />
      <RemoveSheet />
    </>
  )
}
