import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'
import { extensionConfiguration } from './extension-configuration.ts'
import { record } from './record.ts'
import { flag, oneOf, text } from './scalars.ts'
import { list, orElse } from './tag.ts'

/** Body of Create Deployment (D-2). */
export const createDeployment = document(
  record('CreateDeployment', {
    name: text('Name'),
    packageUrl: text('PackageUrl'),
    /** Base64. */
    label: text('Label'),
    /** Base64 of the .cscfg file. */
    configuration: text('Configuration'),
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
export const roleInstances = document(list('RoleInstances', text('Name')))
