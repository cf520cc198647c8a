import type { Fields } from '../../json/fields';
import type { CleanUp, Rule } from '../rule';
import type { Kind, Texts } from './kinds';

/** A rule while it is read: what nobody has written is not there yet. */
export type RuleDraft = Partial<Omit<Rule, 'cleanUp'>> & { readonly cleanUp?: CleanUpDraft };

/** Clean-up as it is written; which of it goes together is seen when all is read. */
export interface CleanUpDraft {
	readonly action?: CleanUp['action'];
	readonly folder?: string;
	readonly deleteAfterDays?: number;
}

/** What AlertMagic's guide does not know, and what that means to an export. */
export interface Gap {
	/** What follows when it is left out, as in "is left out, so ...". */
	readonly effect: string;
	readonly remedy: string;
	/** Whether it makes a difference in this rule. */
	readonly matters: (rule: Rule) => boolean;
}

/** What the form of a version shows: 1 has patterns only, 2 has conditions and captured fields. */
export type FormVersion = 1 | 2;

export interface KeyAbout extends Texts {
	/** Where it stands in a JSON rule: `Filter.From`. */
	readonly json: string;
	/** The only form that has it; both unless given. */
	readonly only?: FormVersion;
	/** What differs in form 2. */
	readonly second?: Partial<Pick<KeyAbout, 'label' | 'description' | 'isOption'>>;
	/** Whether the form has it under Options. */
	readonly isOption?: true;
	readonly gap?: Gap;
}

/** What people see of a key whose names follow from what it is about. */
export type KeyTexts = Omit<KeyAbout, 'json' | 'form'>;

/** Beyond AlertMagic, and so under Options. */
export function beyondAlertMagic(
	effect: string,
	remedy: string,
	matters: Gap['matters'] = () => true,
): Pick<KeyAbout, 'isOption'> & { readonly gap: Gap } {
	return { isOption: true, gap: { effect, remedy, matters } };
}

export interface RuleKey extends KeyAbout {
	/** The object that holds it in JSON, or undefined for the rule itself. */
	readonly group: string | undefined;
	/** Its name in that object. */
	readonly key: string;
	readonly kind: Pick<Kind<unknown>, 'type' | 'choices' | 'columns'>;
	/** Reads it from the object that holds it. */
	read(fields: Fields): RuleDraft;
	/** Its value in a rule, or undefined where the rule has the default. */
	valueOf(rule: Rule): unknown;
	/** The same in JSON. */
	jsonOf(rule: Rule): unknown;
	/** The same as form 2 has it. */
	formValueOf(rule: Rule): unknown;
}

/** How a key is written, and how its value gets into a rule and out of it. */
interface Definition<Value> extends KeyAbout {
	readonly kind: Kind<Value>;
	readonly set: (value: Value) => RuleDraft;
	readonly get: (rule: Rule) => Value | undefined;
	/** Of form 2, where it takes up what other keys say. */
	readonly getAll?: (rule: Rule) => Value | undefined;
}

/** A key of a rule, by what people see of it, how it is written, and where a rule has it. */
export function defineKey<Value>({ set, get, getAll = get, ...about }: Definition<Value>): RuleKey {
	const { json, kind } = about;
	const [first = '', second] = json.split('.');
	const key = second ?? first;
	return {
		...about,
		group: second === undefined ? undefined : first,
		key,
		read: (fields) => {
			const value = kind.read(fields, key);
			return value === undefined ? {} : set(value);
		},
		valueOf: get,
		jsonOf: (rule) => {
			const value = get(rule);
			return value === undefined ? undefined : (kind.write?.(value) ?? value);
		},
		formValueOf: getAll,
	};
}

/** A key that a rule has under the name of the form. */
export function propertyKey<Name extends keyof Rule>(
	about: Omit<Definition<NonNullable<Rule[Name]>>, 'set' | 'get'> & { readonly form: Name },
): RuleKey {
	const { form } = about;
	return defineKey({
		...about,
		set: (value) => ({ [form]: value }),
		get: (rule) => rule[form] ?? undefined,
	});
}
