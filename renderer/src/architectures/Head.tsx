import { Segments } from '../ui/Segments'
import styles from './Architectures.module.css'
import type { ArchitectureScreen } from './choices'
import { useArchitectures } from './use-architectures'

/** The question of a screen, and the way to the others. */
export function Head({ question }: { question: string }) {
  const [{ screen, compared }, choose] = useArchitectures()
  const options: readonly { value: ArchitectureScreen; label: string }[] = [
    { value: 'gallery', label: 'All models' },
    { value: 'one', label: 'One model' },
    { value: 'compare', label: compared.length > 0 ? `Side by side (${compared.length})` : 'Side by side' },
    { value: 'sizes', label: 'Sizes' }
  ]
  return (
    <header className={styles.head}>
      <h1 className={styles.question}>{question}</h1>
      <Segments label="Screen" value={screen} options={options} onChange={(chosen) => choose({ screen: chosen })} />
    </header>
  )
}
