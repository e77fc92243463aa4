/** Names in the documents below that their author chose. */
export interface Names {
  readonly role: string
  readonly setting: string
  readonly endpoint: string
  readonly internal: string
  readonly store: string
  readonly certificate: string
  readonly variable: string
  readonly probe: string
}

export const usual: Names = {
  role: 'Worker',
  setting: 'Queue',
  endpoint: 'Http',
  internal: 'Inner',
  store: 'Cache',
  certificate: 'Tls',
  variable: 'QUEUE',
  probe: 'Health',
}

const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

export const thumbprint = 'C'.repeat(40)

/** A definition and its configuration with everything that a worker role may have. */
export function shop(names: Names): { readonly definition: string; readonly configuration: string } {
  const { role, setting, endpoint, internal, store, certificate, variable, probe } = names
  const xpath = (path: string) => `<RoleInstanceValue xpath="/RoleEnvironment/${path}"/>`
  const environment = `<Environment>
    <Variable name="${variable}">${xpath(`CurrentInstance/ConfigurationSettings/ConfigurationSetting[@name='${setting}']/@value`)}</Variable>
    <Variable name="PORT">${xpath(`CurrentInstance/Endpoints/Endpoint[@name='${endpoint}']/@port`)}</Variable>
    <Variable name="STORE">${xpath(`CurrentInstance/LocalResources/LocalResource[@name='${store}']/@path`)}</Variable>
    <Variable name="PLAIN" value="one"/></Environment>`
  return {
    definition: `<ServiceDefinition name="Shop" upgradeDomainCount="2" topologyChangeDiscovery="UpgradeDomainWalk" schemaVersion="2015-04.2.6" xmlns="${namespace}/ServiceDefinition">
  <LoadBalancerProbes><LoadBalancerProbe name="${probe}" protocol="http" path="/health" port="8081" intervalInSeconds="15" timeoutInSeconds="31"/></LoadBalancerProbes>
  <WorkerRole name="${role}" vmsize="Small" enableNativeCodeExecution="true">
    <Imports><Import moduleName="Diagnostics"/></Imports>
    <Startup priority="1"><Task commandLine="setup.cmd" executionContext="elevated" taskType="simple">${environment}</Task></Startup>
    <LocalResources><LocalStorage name="${store}" sizeInMB="10" cleanOnRoleRecycle="false"/></LocalResources>
    <ConfigurationSettings><Setting name="${setting}"/></ConfigurationSettings>
    <Endpoints>
      <InputEndpoint name="${endpoint}" protocol="http" port="80" localPort="8080" ignoreRoleInstanceStatus="false" loadBalancerProbe="${probe}" idleTimeoutInMinutes="4" loadBalancerDistribution="sourceIP"/>
      <InputEndpoint name="Tcp" protocol="tcp" port="81" localPort="*"/>
      <InternalEndpoint name="${internal}" protocol="tcp" port="9000"/>
      <InternalEndpoint name="Wide" protocol="tcp"><FixedPortRange min="10000" max="10010"/></InternalEndpoint>
      <InternalEndpoint name="Single" protocol="udp"><FixedPort port="9001"/></InternalEndpoint>
      <InternalEndpoint name="Any" protocol="any"/>
      <InstanceInputEndpoint name="Debug" protocol="tcp" localPort="7000" idleTimeoutInMinutes="5"><AllocatePublicPortFrom><FixedPortRange min="7000" max="7009"/></AllocatePublicPortFrom></InstanceInputEndpoint>
    </Endpoints>
    <Certificates><Certificate name="${certificate}" storeLocation="LocalMachine" storeName="My" permissionLevel="elevated"/></Certificates>
    <Runtime executionContext="limited">${environment}<EntryPoint><ProgramEntryPoint commandLine="run.cmd" setReadyOnProcessStart="true"/></EntryPoint></Runtime>
    <Contents><Content destination=".\\"><SourceDirectory path="..\\more"/></Content></Contents>
  </WorkerRole>
  <NetworkTrafficRules><OnlyAllowTrafficTo><Destinations><RoleEndpoint roleName="${role}" endpointName="${internal}"/></Destinations><WhenSource matches="AnyRule"><FromRole roleName="${role}"/></WhenSource></OnlyAllowTrafficTo></NetworkTrafficRules>
</ServiceDefinition>`,
    configuration: `<ServiceConfiguration serviceName="Shop" osFamily="4" osVersion="*" schemaVersion="2015-04.2.6" xmlns="${namespace}/ServiceConfiguration">
  <Role name="${role}" vmName="shop">
    <Instances count="2"/>
    <ConfigurationSettings><Setting name="${setting}" value="orders"/><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="x"/></ConfigurationSettings>
    <Certificates><Certificate name="${certificate}" thumbprint="${thumbprint}" thumbprintAlgorithm="sha1"/></Certificates>
  </Role>
  <NetworkConfiguration>
    <AccessControls><AccessControl name="Office"><Rule order="1" action="permit" description="ours" remoteSubnet="10.0.0.0/8"/></AccessControl></AccessControls>
    <EndpointAcls><EndpointAcl role="${role}" endPoint="${endpoint}" accessControl="Office"/></EndpointAcls>
    <LoadBalancers><LoadBalancer name="Inside"><FrontendIPConfiguration type="private" subnet="one"/></LoadBalancer></LoadBalancers>
  </NetworkConfiguration>
  <GuestAgentSettings cleanupFirewallOnRoleRestart="true" allowRoleProcessLocalDumps="false"/>
</ServiceConfiguration>`,
  }
}
