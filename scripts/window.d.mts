export declare function hasDisplay(): boolean
