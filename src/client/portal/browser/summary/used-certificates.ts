import { textOfBase64 } from '../../../../front-end/contract/base64.ts'
import { configurationForm } from '../configuration/configuration-form.ts'

/** Letters of a thumbprint that tell it from others. Origin: choice. */
const shownThumbprint = 8

/** The certificates that a configuration names, each with its role: `Web Ssl: E38B57BB…`. `configuration`: in Base64. */
export function usedCertificates(configuration: string): readonly string[] {
  const roles = configurationForm(textOfBase64(configuration) ?? '')?.roles ?? []
  return roles.flatMap(({ name: role, certificates }) =>
    certificates.map(({ name, value }) => `${role} ${name}: ${value.slice(0, shownThumbprint)}…`),
  )
}
