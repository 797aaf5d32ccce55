import { Validator } from "@cfworker/json-schema";
import type { ValidatorType } from "@rjsf/utils";

/** What the form asks to find the fitting one of several schemas; issues are found by `findIssues`. */
export const formValidator: ValidatorType = {
  isValid: (schema, formData, root) => {
    const withDefinitions = { ...root, ...schema } as Record<string, unknown>;
    try {
      return new Validator(withDefinitions, "2020-12").validate(formData).valid;
    } catch {
      return false; // A schema that cannot be followed here, as in `findIssues`: another one may fit.
    }
  },
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
};
