import type { Host } from '../host/host'

/** Reports what nobody caught, so that a user can say what happened. */
export function reportFailures(host: Host): void {
  const report = (where: string, reason: unknown) => {
    const { message, stack } = reason instanceof Error ? reason : { message: String(reason), stack: undefined }
    void host.reportCrash({ where, message, ...(stack === undefined ? {} : { stack }) }).catch(() => undefined)
  }
  window.addEventListener('error', ({ error, message }) => report('page', error ?? message))
  window.addEventListener('unhandledrejection', ({ reason }) => report('promise', reason))
}
