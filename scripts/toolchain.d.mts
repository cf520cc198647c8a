/** Where a tool is, or why it cannot be had. */
export type Tool<Extra = unknown> = ({ path: string } & Extra) | { unavailable: string };

/** A program that was unpacked and not installed. */
export interface Unpacked {
	/** The folder that stands for `/`. */
	root: string;
	/** Folders of shared libraries, relative to `root`. */
	libraryFolders: string[];
}

/** n8n's start script, and the Node.js to run it with. */
export type N8nTool = Tool<{ node: string }>;

/**
 * A server program, and what its environment needs in addition; `root` is the folder that stands for `/` when
 * it was unpacked and not installed.
 */
export type ServerTool = Tool<{ env: Record<string, string>; root?: string }>;

export type DovecotTool = Tool<{ doveconf: string; unpacked?: Unpacked }>;

/** `path` is mbsync; `getmail` is the command line that starts getmail. */
export type MailFetcherTool = Tool<{ getmail: string[]; env: Record<string, string> }>;

export function ensureNode24(): Promise<Tool>;
export function ensureN8n(): Promise<N8nTool>;
export function ensureN8n1(): Promise<N8nTool>;
export function ensureDotnet(): Promise<Tool>;
export function ensureDovecot(): Promise<DovecotTool>;
export function ensureCyrus(): Promise<ServerTool>;
export function ensureCourier(): Promise<ServerTool>;
export function ensureChromium(): Promise<Tool<{ env: Record<string, string> }>>;
export function ensureRedis(): Promise<ServerTool>;
export function ensurePostgres(): Promise<ServerTool>;
export function ensureMailFetchers(): Promise<MailFetcherTool>;
