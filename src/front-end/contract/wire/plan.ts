import { record } from '../../../kernel/document/record.ts'
import { count, oneOf, text } from '../../../kernel/document/scalars.ts'
import { list, optional } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { reddogNamespace } from './namespaces.ts'

const instance = record('Instance', {
  name: text('Name'),
  role: text('Role'),
  change: oneOf('Change', ['package', 'system', 'certificates', 'settings', 'none']),
})

const endpoint = record('Endpoint', {
  role: text('Role'),
  endpoint: text('Name'),
  port: count('Port'),
  /** In rotation now, and while the domain is down. */
  instances: count('Instances'),
  left: count('Left'),
})

/** Answer of Plan Upgrade: what an Upgrade Deployment with the same body would do (section 16). */
export const planDocument = document(
  record('Plan', {
    /** Why it would be refused. */
    refusal: optional(record('Refusal', { code: text('Code'), message: text('Message') })),
    policy: oneOf('Policy', ['sameModel', 'relaxed2011']),
    differences: list('Differences', text('Difference')),
    mode: oneOf('Mode', ['Auto', 'Manual', 'Simultaneous']),
    domains: list(
      'Domains',
      record('Domain', {
        domain: count('Number'),
        instances: list('Instances', instance),
        steps: list('Steps', text('Step')),
        capacity: list('Capacity', endpoint),
      }),
    ),
    added: list('Added', text('Instance')),
    removed: list('Removed', text('Instance')),
    warnings: list('Warnings', text('Warning')),
  }),
  reddogNamespace,
)
