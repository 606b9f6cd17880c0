export declare const chromiumOptions: { executablePath?: string; headless: boolean; args: string[] }
