import { record } from '../../../kernel/document/record.ts'
import { count, flag, oneOf, text } from '../../../kernel/document/scalars.ts'
import { list, optional } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { errorTag } from './error.ts'
import { reddogNamespace } from './namespaces.ts'

const update = record('Update', {
  kind: oneOf('Kind', ['upgrade', 'configuration', 'rollback']),
  mode: oneOf('Mode', ['Auto', 'Manual', 'Simultaneous']),
  domain: count('Domain'),
  domainState: oneOf('DomainState', ['Before', 'During']),
  /** How many domains there are. */
  domains: count('Domains'),
  /** The single role that is upgraded. */
  role: optional(text('Role')),
  /** Instances of this version have been moved. */
  target: count('Target'),
  onFailure: oneOf('OnFailure', ['hold', 'rollback', 'continue']),
  waitsFor: text('WaitsFor'),
  /** Why it is stuck in its domain. */
  held: optional(errorTag),
})

/** Answer of Get Progress: what Get Deployment has no elements for (section 16). */
export const progressDocument = document(
  record('Progress', {
    name: text('Name'),
    slot: oneOf('Slot', ['Production', 'Staging']),
    status: text('Status'),
    /** While an update is active. */
    update: optional(update),
    instances: list(
      'Instances',
      record('Instance', {
        name: text('Name'),
        role: text('Role'),
        domain: count('Domain'),
        version: count('Version'),
        status: text('Status'),
        /** Ready for settleTime, without a failure in that time. */
        hasSettled: flag('HasSettled'),
        details: text('Details'),
        inRotation: flag('InRotation'),
        host: text('Host'),
      }),
    ),
    warnings: list('Warnings', text('Warning')),
    /** The fabric's own (table C-1), in milliseconds and failures. */
    timers: record('Timers', {
      settleTime: count('SettleTime'),
      recycleThreshold: count('RecycleThreshold'),
      roleReadyTimeout: count('RoleReadyTimeout'),
    }),
  }),
  reddogNamespace,
)
