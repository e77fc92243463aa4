using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Net;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>A role and those of its instances that this one may see: all of a role with an internal endpoint.</summary>
    public class Role
    {
        internal Role(string name)
        {
            Name = name;
            Members = new List<RoleInstance>();
            Instances = new ReadOnlyCollection<RoleInstance>(Members);
        }

        internal List<RoleInstance> Members { get; }

        public string Name { get; }

        public ReadOnlyCollection<RoleInstance> Instances { get; }
    }

    public class RoleInstance
    {
        internal RoleInstance(string id, int faultDomain, int updateDomain, Role role)
        {
            Id = id;
            FaultDomain = faultDomain;
            UpdateDomain = updateDomain;
            Role = role;
            Endpoints = new Dictionary<string, RoleInstanceEndpoint>();
        }

        internal Dictionary<string, RoleInstanceEndpoint> Endpoints { get; }

        public string Id { get; }

        public int FaultDomain { get; }

        public int UpdateDomain { get; }

        public Role Role { get; }

        /// <summary>By name: of the current instance all, of others the internal ones.</summary>
        public IDictionary<string, RoleInstanceEndpoint> InstanceEndpoints =>
            new ReadOnlyDictionary<string, RoleInstanceEndpoint>(Endpoints);
    }

    public class RoleInstanceEndpoint
    {
        internal RoleInstanceEndpoint(IPEndPoint address, IPEndPoint publicAddress, string protocol, RoleInstance instance)
        {
            IPEndpoint = address;
            PublicIPEndpoint = publicAddress;
            Protocol = protocol;
            RoleInstance = instance;
        }

        /// <summary>The instance's internal address (DIP) and the port to listen at.</summary>
        public IPEndPoint IPEndpoint { get; }

        /// <summary>The port at the VIP, whose address an instance does not know: it is 0.0.0.0. Null for an internal endpoint.</summary>
        public IPEndPoint PublicIPEndpoint { get; }

        public string Protocol { get; }

        public RoleInstance RoleInstance { get; }
    }
}
