import { record } from '../../../kernel/document/record.ts'
import { flag, oneOf } from '../../../kernel/document/scalars.ts'
import { list, orElse } from '../../../kernel/document/tag.ts'
import { bodyLimitBytes } from '../errors.ts'
import { addressLimit, instanceLimit } from '../names.ts'
import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'
import { extensionConfiguration } from './extension-configuration.ts'
import { given, givenBase64, givenLabel } from './given.ts'

/** Body of Create Deployment (D-2). */
export const createDeployment = document(
  record('CreateDeployment', {
    name: given('Name'),
    packageUrl: given('PackageUrl', addressLimit),
    /** Base64. */
    label: givenLabel,
    /** Base64 of the .cscfg file. */
    configuration: givenBase64('Configuration', bodyLimitBytes),
    startDeployment: orElse(flag('StartDeployment'), false),
    treatWarningsAsError: orElse(flag('TreatWarningsAsError'), false),
    extendedProperties,
    extensionConfiguration,
  }),
)

/** Body of Update Deployment Status (D-14). */
export const updateDeploymentStatus = document(
  record('UpdateDeploymentStatus', { status: oneOf('Status', ['Running', 'Suspended']) }),
)

/** Body of Delete Role Instances (D-23). */
export const roleInstances = document(list('RoleInstances', given('Name'), instanceLimit))
