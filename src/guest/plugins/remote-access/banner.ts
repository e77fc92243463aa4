/** The text shown before sign-in (P-26). */
export const banner = `Role instance of Reddog. What you change by hand is gone when the instance is reimaged, moved or upgraded:
what is to stay belongs into the package, its startup tasks and the configuration.
`
