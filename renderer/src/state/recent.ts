import type { App } from './app'

/** Brings the list of recent files up to date. */
export async function refreshRecent({ host, store }: App): Promise<void> {
  store.setState({ recent: await host.recentFiles().catch(() => []) })
}
