import { defaultProbePort } from '../../guest/contract/goal-state.ts'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { assembliesDirectory, guestDirectory } from './paths.ts'
import type { ContainerRecord, HostConfiguration } from './state.ts'

/** The settings that the guest gets at its start. The record must be that of a created guest with a wire server. */
export function guestSettings(configuration: HostConfiguration, record: ContainerRecord): GuestSettings {
  const { key, containerId, run, wirePort, served } = record
  const address = served?.guest.topology[0]?.address
  if (run === undefined || wirePort === undefined || address === undefined)
    throw new Error(`assertion: the guest ${key} is to start and is not prepared`)
  return {
    key,
    containerId,
    wireServer: `http://${configuration.wireAddress}:${wirePort}`,
    root: guestDirectory(configuration, containerId),
    run,
    address,
    ownNetwork: configuration.ownNetworks,
    probePort: defaultProbePort,
    programs: configuration.programs,
    assemblies: assembliesDirectory(configuration),
    firstPort: configuration.facts.firstPort,
    timers: configuration.timers,
  }
}
