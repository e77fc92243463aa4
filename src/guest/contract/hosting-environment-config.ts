import { xml } from '../../kernel/xml.ts'
import { writeDocument } from './document.ts'
import {
  applicationSettings,
  hostingEnvironmentSettings,
  resourceReferences,
  storedCertificatesElement,
} from './elements/environment.ts'
import { deploymentElement, incarnationElement, roleElement } from './elements/identity.ts'
import type { GuestConfiguration } from './guest-configuration.ts'

/** What the role is given: settings, certificates by thumbprint, local resources (wire-server.md 6.1). */
export function writeHostingEnvironmentConfig({ goalStateIncarnation, specification }: GuestConfiguration): string {
  return writeDocument(
    xml('HostingEnvironmentConfig', { version: '1.0.0.0', goalStateIncarnation }, [
      storedCertificatesElement(specification),
      deploymentElement(specification, false),
      incarnationElement(specification),
      roleElement(specification, {
        hostingEnvironmentVersion: 0,
        software: '',
        softwareType: 'ApplicationPackage',
        entryPoint: '',
        parameters: '',
        settleTimeSeconds: 0,
      }),
      hostingEnvironmentSettings(),
      applicationSettings(specification),
      resourceReferences(specification),
    ]),
  )
}
