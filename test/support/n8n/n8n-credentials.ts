import {
	type ICredentialDataDecryptedObject,
	ICredentialsHelper,
	type ICredentials,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IRequestOptionsSimplified,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
} from 'n8n-workflow';

/** Decrypted credential data by credential type. */
export type CredentialStore = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/**
 * Stands where n8n's server decrypts credentials. As there, defaults are filled in and fields that the chosen
 * options hide are removed. One credential of each type; its id does not matter.
 */
export class StoredCredentials extends ICredentialsHelper {
	constructor(
		private readonly store: CredentialStore,
		private readonly types: readonly ICredentialType[],
	) {
		super();
	}

	getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		const data = this.store[type];
		if (data === undefined) return Promise.reject(new Error(`No credential of type "${type}"`));
		const properties = this.getCredentialsProperties(type);
		if (properties.length === 0) return Promise.resolve(data);
		const parameters = data as INodeParameters;
		const resolved = NodeHelpers.getNodeParameters(properties, parameters, true, false, null, null);
		return Promise.resolve((resolved ?? {}) as ICredentialDataDecryptedObject);
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.types.find((candidate) => candidate.name === type)?.properties ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getParentTypes(): string[] {
		return [];
	}

	authenticate(
		_credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		return Promise.reject(new Error(`Not part of this engine: ${JSON.stringify(requestOptions)}`));
	}

	preAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	runPreAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	getCredentials(): Promise<ICredentials> {
		return Promise.reject(new Error('Encrypted credentials are not part of this engine'));
	}

	updateCredentials(): Promise<void> {
		return Promise.reject(new Error('Credentials of this engine do not change'));
	}

	updateCredentialsOauthTokenData(): Promise<void> {
		return Promise.reject(new Error('Credentials of this engine do not change'));
	}
}
