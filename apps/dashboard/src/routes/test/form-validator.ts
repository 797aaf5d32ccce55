import type { ValidatorType } from "@rjsf/utils";

/** What the form library wants to have, and has nothing to ask: `toForm` leaves no union in, and `findIssues` finds issues. */
export const formValidator: ValidatorType = {
  isValid: () => true,
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
};
