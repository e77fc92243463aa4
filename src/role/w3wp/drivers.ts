import type { DriverFactory } from './handler.ts'

/** Who stands behind a module of `handlers`, by its name in lower case. Several names of one factory share a driver. */
export const drivers: ReadonlyMap<string, DriverFactory> = new Map<string, DriverFactory>([])
