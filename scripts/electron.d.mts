export declare function findElectron(): string | undefined
export declare function fetchElectron(): string | undefined
