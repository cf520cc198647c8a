import type { Delivery, ExecutionFailure } from '../../core/delivery/delivery';

/** What befell the workflow, for those who have to know. */
export type FlowNews =
	| { readonly kind: 'failing'; readonly since: number; readonly failure?: ExecutionFailure }
	| { readonly kind: 'recovered'; readonly since: number; readonly probes: number }
	| {
			readonly kind: 'failedAlone';
			readonly delivery: Delivery;
			readonly failure?: ExecutionFailure;
	  };
