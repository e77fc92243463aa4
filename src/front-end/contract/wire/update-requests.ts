import { record } from '../../../kernel/document/record.ts'
import { count, flag, oneOf } from '../../../kernel/document/scalars.ts'
import { inNamespace, optional, orElse } from '../../../kernel/document/tag.ts'
import { bodyLimitBytes } from '../errors.ts'
import { addressLimit } from '../names.ts'
import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'
import { extensionConfiguration } from './extension-configuration.ts'
import { given, givenBase64, givenLabel } from './given.ts'
import { reddogNamespace } from './namespaces.ts'

/** */
const spellings = { automatic: 'Auto' } as const

const mode = orElse(oneOf('Mode', ['Auto', 'Manual', 'Simultaneous'], spellings), 'Auto')

/** Body of Change Deployment Configuration (D-13). */
export const changeConfiguration = document(
  record('ChangeConfiguration', {
    /** Base64 of the .cscfg file. */
    configuration: givenBase64('Configuration', bodyLimitBytes),
    treatWarningsAsError: orElse(flag('TreatWarningsAsError'), false),
    mode,
    extendedProperties,
    extensionConfiguration,
  }),
)

/** Body of Upgrade Deployment (D-15), and of the plan of one (section 16). */
export const upgradeDeployment = document(
  record('UpgradeDeployment', {
    mode,
    packageUrl: given('PackageUrl', addressLimit),
    /** Base64 of the .cscfg file. */
    configuration: givenBase64('Configuration', bodyLimitBytes),
    /** Base64. */
    label: givenLabel,
    /** Absent or empty: all roles. */
    roleToUpgrade: optional(given('RoleToUpgrade')),
    force: orElse(flag('Force'), false),
    extendedProperties,
    extensionConfiguration,
    /** Reddog's own: what happens to an upgrade when a domain does not become Ready. */
    onFailure: optional(inNamespace(oneOf('OnFailure', ['hold', 'rollback', 'continue']), reddogNamespace)),
  }),
)

/** Body of Walk Upgrade Domain (D-16). */
export const walkUpgradeDomain = document(record('WalkUpgradeDomain', { upgradeDomain: count('UpgradeDomain') }))

/** Body of Rollback Update Or Upgrade (D-17). */
export const rollbackUpdateOrUpgrade = document(
  record('RollbackUpdateOrUpgrade', {
    mode: orElse(oneOf('Mode', ['Auto', 'Manual'], spellings), 'Auto'),
    force: orElse(flag('Force'), false),
  }),
)

/** Body of Swap Deployment (D-18): names of the deployments that are in the slots now. */
export const swap = document(
  record('Swap', {
    /** Absent or empty when that slot is empty. */
    production: optional(given('Production')),
    sourceDeployment: given('SourceDeployment'),
  }),
)
