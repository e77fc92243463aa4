/** Processes of a guest that may die. */
export const guestParts = ['WaAppAgent', 'WindowsAzureGuestAgent', 'WaHostBootstrapper'] as const
export type GuestPart = (typeof guestParts)[number]

/** Those that are agents, with the one subject that each has. */
export const thinkingParts = { WindowsAzureGuestAgent: 'guest', WaHostBootstrapper: 'role' } as const
export type ThinkingPart = keyof typeof thinkingParts
