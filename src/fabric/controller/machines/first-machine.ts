import type { Instant } from '../../../kernel/instant.ts'
import type { FirstMachineOptions } from '../options.ts'
import { keep, put } from '../state/keep.ts'
import type { AuthorityRecord, CertificateMark } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import { machineNamed } from './find-machine.ts'
import { machineNumbers } from './free-number.ts'

/** The machine with which a fabric of several begins, as read from its files. */
export interface FirstMachine extends Pick<FirstMachineOptions, 'address' | 'computer'> {
  readonly authorities: { readonly fabric: AuthorityRecord; readonly etcd?: AuthorityRecord | undefined }
  readonly certificates: readonly CertificateMark[]
}

/**
 * The state of a fabric of several machines, whose first is recorded at its first start. It has the first number, as its host has on one machine. A
 * master that runs another version than before says so of its own machine.
 */
export function withFirstMachine(state: FabricState, first: FirstMachine | undefined, now: Instant): FabricState {
  const { cluster } = state.facts
  if (!cluster) return state
  const own = machineNamed(state, cluster.machine)
  if (own && own.version !== cluster.version)
    return keep(state, put('machine', own.name.toLowerCase(), { ...own, version: cluster.version }))
  if (!first || !state.stored.authority.isEmpty()) return state
  const { address, computer, authorities, certificates } = first
  const { machine: name, version } = cluster
  return keep(
    state,
    put('authority', 'fabric', authorities.fabric),
    ...(authorities.etcd ? [put('authority', 'etcd', authorities.etcd)] : []),
    put('machine', name.toLowerCase(), {
      name,
      address,
      number: machineNumbers.first,
      controller: true,
      version,
      computer,
      keys: '',
      token: '',
      certificates,
      joinedAt: now,
    }),
  )
}
