/** Wrong types in words of this project; ranges stay in zod's, which name the bound. */
export const typeMessage = (message: string) => ({
  error: (issue: { readonly code: string | undefined }) => (issue.code === 'invalid_type' ? message : undefined),
});
