export declare function fusesOnly(): Buffer
export declare function wrongFuses(program: string): Promise<string[]>
