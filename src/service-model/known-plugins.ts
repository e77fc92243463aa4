import type { PluginModule } from './plugin-module.ts'
import { readPlugin } from './read-plugin.ts'

/**
 * The plug-ins that hand-written definitions import, as their .csplugin documents (tables of service-model.md 5 and
 * fabric-behaviour.md 9.1), by module name. Their programs are Reddog's own.
 */
export const knownPluginDocuments: Readonly<Record<string, string>> = {
  Diagnostics: roleModule(
    'Microsoft.WindowsAzure.Plugins.Diagnostics',
    `<Startup priority="-2">
    <Task commandLine="DiagnosticsAgent.exe" executionContext="limited" taskType="background" />
    <Task commandLine="DiagnosticsAgent.exe /blockStartup" executionContext="limited" taskType="simple" />
  </Startup>
  <ConfigurationSettings>
    <Setting name="ConnectionString" />
  </ConfigurationSettings>`,
  ),
  RemoteAccess: roleModule(
    'Microsoft.WindowsAzure.Plugins.RemoteAccess',
    `<Startup priority="-1">
    <Task commandLine="RemoteAccessAgent.exe" executionContext="elevated" taskType="background" />
    <Task commandLine="RemoteAccessAgent.exe /blockStartup" executionContext="elevated" taskType="simple" />
  </Startup>
  <ConfigurationSettings>
    <Setting name="Enabled" />
    <Setting name="AccountUsername" />
    <Setting name="AccountEncryptedPassword" />
    <Setting name="AccountExpiration" />
  </ConfigurationSettings>
  <Endpoints>
    <InternalEndpoint name="Rdp" protocol="tcp" port="3389" />
  </Endpoints>
  <Certificates>
    <Certificate name="PasswordEncryption" storeLocation="LocalMachine" storeName="My" permissionLevel="elevated" />
  </Certificates>`,
  ),
  RemoteForwarder: roleModule(
    'Microsoft.WindowsAzure.Plugins.RemoteForwarder',
    `<Startup priority="-1">
    <Task commandLine="install.cmd" executionContext="elevated" taskType="simple">
      <Environment>
        <Variable name="IsEmulated">
          <RoleInstanceValue xpath="/RoleEnvironment/Deployment/@emulated" />
        </Variable>
      </Environment>
    </Task>
  </Startup>
  <ConfigurationSettings>
    <Setting name="Enabled" />
  </ConfigurationSettings>
  <Endpoints>
    <InputEndpoint name="RdpInput" protocol="tcp" port="3389" localPort="*" ignoreRoleInstanceStatus="true" />
  </Endpoints>`,
  ),
}

/** The same, read. */
export const knownPlugins: Readonly<Record<string, PluginModule>> = Object.fromEntries(
  Object.entries(knownPluginDocuments).map(([name, document]) => [name, readPlugin(document).value as PluginModule]),
)

function roleModule(namespace: string, content: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<RoleModule xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition" namespace="${namespace}">
  ${content}
</RoleModule>
`
}
