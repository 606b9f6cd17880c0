export declare const isolationHeaders: Record<string, string>
export declare const contentPolicy: string
export declare const pageHeaders: Record<string, string>
export declare function mimeType(file: string): string
export declare function fileWithin(folder: string, pathname: string): string | undefined
