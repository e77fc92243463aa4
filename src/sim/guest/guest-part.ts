/** Processes of a guest that may die. */
export const guestParts = ['WaAppAgent', 'WindowsAzureGuestAgent', 'WaHostBootstrapper'] as const
export type GuestPart = (typeof guestParts)[number]

/** The parts that are agents, each with its only subject. */
export const thinkingParts = { WindowsAzureGuestAgent: 'guest', WaHostBootstrapper: 'role' } as const
export type ThinkingPart = keyof typeof thinkingParts
