import type { HostConfiguration } from './state.ts'

type Place = Pick<HostConfiguration, 'dataDirectory'>

/** Everything that a host stores is in its data directory. */
export function recordsDirectory({ dataDirectory }: Place): string {
  return `${dataDirectory}/records`
}

export function goalFile({ dataDirectory }: Place): string {
  return `${dataDirectory}/goal.json`
}

/** The guest's tree: `c`, `d`, `e`, `f`, and `guest.json`. */
export function guestDirectory({ dataDirectory }: Place, containerId: string): string {
  return `${dataDirectory}/guests/${containerId}`
}

export function packagesDirectory({ dataDirectory }: Place): string {
  return `${dataDirectory}/packages`
}

/** Where the platform's .NET assemblies are compiled, which guests read. */
export function assembliesDirectory({ dataDirectory }: Place): string {
  return `${dataDirectory}/dotnet`
}

/** Where packages are unpacked before they are used. */
export function quarantineDirectory({ dataDirectory }: Place): string {
  return `${dataDirectory}/quarantine`
}

/** The role of a package unpacked in `directory`, which guests copy from and never write to. */
export function softwareDirectory(place: Place, directory: string, role: string): string {
  return `${packagesDirectory(place)}/${directory}/roles/${role}`
}
