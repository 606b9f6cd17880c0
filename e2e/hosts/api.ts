import type { Page } from '@playwright/test'
import type { MoescopeApi } from '../../electron/channels'

type Methods = { readonly [Name in keyof MoescopeApi]: (...args: never[]) => unknown } & MoescopeApi
type Result<Name extends keyof MoescopeApi> = Awaited<ReturnType<Methods[Name]>>

/** Calls the desktop's API in a page, with whatever a page may send. */
export async function call<Name extends keyof MoescopeApi>(
  page: Page,
  name: Name,
  ...args: unknown[]
): Promise<Result<Name>> {
  return (await page.evaluate(
    ({ name, args }) => {
      const api = window.moescope as unknown as Record<string, (...args: unknown[]) => Promise<unknown>> | undefined
      const method = api?.[name]
      if (!method) throw new Error(`window.moescope.${name}: expected a function, found none`)
      return method(...args)
    },
    { name, args }
  )) as Result<Name>
}
