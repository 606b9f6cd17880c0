export interface PackedFile {
  readonly path: string
  readonly size: number
  readonly verified: boolean
}
export declare const budget: number
export declare const scriptBudgets: { readonly first: number; readonly all: number }
export declare function packageProblems(files: readonly PackedFile[], read: (path: string) => string): string[]
export declare function checkPackage(folder: string): Promise<{
  readonly archive: string
  readonly desktopEntry: string
  readonly deb: readonly string[]
  readonly files: readonly PackedFile[]
  readonly problems: readonly string[]
}>
