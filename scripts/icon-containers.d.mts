export interface Picture {
  readonly size: number
  readonly png: Uint8Array
}
export declare const icnsSizes: readonly number[]
export declare function ico(pictures: readonly Picture[]): Buffer
export declare function icns(pictures: readonly Picture[]): Buffer
