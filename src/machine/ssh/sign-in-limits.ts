/**
 * Limits for users who are not signed in yet. Origin: MaxStartups, MaxAuthTries and LoginGraceTime of OpenSSH; after a wrong password the next try
 * waits.
 */
export const signInLimits = { strangers: 10, tries: 6, graceMs: 120_000, wrongMs: 1_000 } as const
