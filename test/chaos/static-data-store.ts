import type { IDataObject } from 'n8n-workflow';

/** n8n's database as far as it matters: static data of the workflow, and what it was before. */
export class StaticDataStore {
	private readonly versions: string[] = ['{}'];

	/** What n8n reads back when it starts. */
	read(age = 0): IDataObject {
		const text = this.versions[Math.max(0, this.versions.length - 1 - age)] ?? '{}';
		return JSON.parse(text) as IDataObject;
	}

	write(data: IDataObject): void {
		this.versions.push(JSON.stringify(data));
		this.versions.splice(0, this.versions.length - 20);
	}

	/** Somebody wrote an older state back, as n8n does at the end of an execution that changed static data. */
	rollBack(age: number): void {
		this.write(this.read(age));
	}
}
