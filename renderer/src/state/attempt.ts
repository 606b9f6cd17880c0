import { messageOf } from '@core/reason'
import type { App } from './app'

/** Does what a button asks for; what goes wrong is told to the user. */
export function attempt({ notify }: Pick<App, 'notify'>, work: () => Promise<unknown>): void {
  work().catch((error: unknown) => notify(messageOf(error)))
}
