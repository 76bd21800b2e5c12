export declare const environmentIn: (home: string) => Readonly<Record<string, string>>
