/** The widths that speed is measured at, from small to large: what the screen and the bench show. */
export const speedWidths: readonly number[] = [32, 64, 128, 256, 512]
