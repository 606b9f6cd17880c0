/** What the app can show. */
export const views = ['home', 'compare', 'trace', 'train', 'architectures', 'scaling'] as const

export type ViewId = (typeof views)[number]

/** Those that run no model: the engine, which takes seconds to start, rests until one does. */
export const viewsWithoutModels: readonly string[] = ['architectures', 'scaling'] satisfies ViewId[]
