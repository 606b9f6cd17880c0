export declare const quietArguments: string[]
export declare const chromiumOptions: { executablePath?: string; headless: boolean; args: string[] }
