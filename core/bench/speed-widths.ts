/** The widths at which the screen and the bench measure speed against size. */
export const speedWidths: readonly number[] = [32, 64, 128, 256, 512]
