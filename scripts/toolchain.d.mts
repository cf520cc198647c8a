/** Where a tool is, or why it cannot be had. */
export type Tool<Extra = unknown> = ({ path: string } & Extra) | { unavailable: string };

/** A program that was unpacked and not installed. */
export interface Unpacked {
	/** The folder that stands for `/`. */
	root: string;
	/** Folders of shared libraries, relative to `root`. */
	libraryFolders: string[];
}

export type DovecotTool = Tool<{ doveconf: string; unpacked?: Unpacked }>;

export function ensureNode24(): Promise<Tool>;
export function ensureN8n(): Promise<Tool<{ node: string }>>;
export function ensureDovecot(): Promise<DovecotTool>;
export function ensureChromium(): Promise<Tool<{ env: Record<string, string> }>>;
