import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** n8n's engine writes its settings into a folder as it is loaded: not into that of the user, so this comes first. */
const folder = mkdtempSync(path.join(tmpdir(), 'imap-ingest-demo-'));
process.env['N8N_USER_FOLDER'] = folder;
process.once('exit', () => {
	rmSync(folder, { recursive: true, force: true });
});
