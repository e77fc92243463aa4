import { openApi } from '../src/client/cli/api.ts'
import { signIn } from '../src/client/cli/sign-in.ts'
import { openServiceManagement, type ServiceManagement } from '../src/client/service-management/service-management.ts'
import { readPublishSettings } from '../src/machine/certificates/publish-settings.ts'

/** The API of the fabric on a data directory, for measurements to which the start of the command line does not belong. */
export function managementOf(dataDirectory: string): ServiceManagement {
  return openServiceManagement(openApi(signIn({ data: dataDirectory }, readPublishSettings)))
}
