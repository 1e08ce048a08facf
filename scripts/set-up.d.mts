export declare const projectRoot: string;
export declare function dependenciesAreCurrent(root: string): boolean;
export declare function setUp(): void;
export declare function setUpSite(): void;
