/** Roles and tasks run below the agents (design.md 9.5, H-6). */
export const roleNice = 5
