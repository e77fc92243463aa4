using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Xml;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>What an instance knows of itself and its peers, read from the role environment document (role-runtime.md 5).</summary>
    internal sealed class EnvironmentDocument
    {
        private readonly Dictionary<string, string> topologies = new Dictionary<string, string>();

        private EnvironmentDocument(XmlElement root)
        {
            var deployment = Child(root, "Deployment");
            DeploymentId = deployment.GetAttribute("id");
            IsEmulated = deployment.GetAttribute("emulated") == "true";
            var current = Child(root, "CurrentInstance");
            foreach (var setting in Children(current, "ConfigurationSettings"))
                Settings[setting.GetAttribute("name")] = setting.GetAttribute("value");
            foreach (var resource in Children(current, "LocalResources"))
            {
                var size = int.Parse(resource.GetAttribute("sizeInMB"));
                var name = resource.GetAttribute("name");
                LocalResources[name] = new LocalResource(name, resource.GetAttribute("path"), size);
            }
            foreach (var element in Children(root, "Roles"))
            {
                var role = new Role(element.GetAttribute("name"));
                Roles[role.Name] = role;
                topologies[role.Name] = element.InnerXml;
                foreach (var instance in Children(element, "Instances")) role.Members.Add(ReadInstance(instance, role));
            }
            Current = ReadCurrent(current);
        }

        internal string DeploymentId { get; }

        internal bool IsEmulated { get; }

        internal RoleInstance Current { get; }

        internal Dictionary<string, string> Settings { get; } = new Dictionary<string, string>();

        internal Dictionary<string, LocalResource> LocalResources { get; } = new Dictionary<string, LocalResource>();

        internal Dictionary<string, Role> Roles { get; } = new Dictionary<string, Role>();

        internal static EnvironmentDocument Read(string path)
        {
            var document = new XmlDocument { XmlResolver = null };
            document.Load(path);
            return new EnvironmentDocument(document.DocumentElement);
        }

        /// <summary>Settings added, removed or altered, then the roles whose instances differ.</summary>
        internal IList<RoleEnvironmentChange> ChangesTo(EnvironmentDocument fresh)
        {
            var settings = Differing(Settings, fresh.Settings)
                .Select(name => (RoleEnvironmentChange)new RoleEnvironmentConfigurationSettingChange(name));
            var roles = Differing(topologies, fresh.topologies)
                .Select(name => (RoleEnvironmentChange)new RoleEnvironmentTopologyChange(name));
            return settings.Concat(roles).ToList();
        }

        private static IEnumerable<string> Differing(Dictionary<string, string> before, Dictionary<string, string> after) =>
            before.Keys.Union(after.Keys).Where(name => Value(before, name) != Value(after, name));

        private static string Value(Dictionary<string, string> values, string name) =>
            values.TryGetValue(name, out var value) ? value : null;

        /// <summary>The current instance takes its own place among those of its role, which may have no other that is seen.</summary>
        private RoleInstance ReadCurrent(XmlElement element)
        {
            var name = element.GetAttribute("roleName");
            if (!Roles.TryGetValue(name, out var role)) Roles[name] = role = new Role(name);
            var current = ReadInstance(element, role);
            var place = role.Members.FindIndex(member => member.Id == current.Id);
            if (place < 0) role.Members.Add(current);
            else role.Members[place] = current;
            return current;
        }

        private static RoleInstance ReadInstance(XmlElement element, Role role)
        {
            var instance = new RoleInstance(
                element.GetAttribute("id"),
                int.Parse(element.GetAttribute("faultDomain")),
                int.Parse(element.GetAttribute("updateDomain")),
                role);
            foreach (var endpoint in Children(element, "Endpoints"))
            {
                var address = new IPEndPoint(
                    IPAddress.Parse(endpoint.GetAttribute("address")),
                    int.Parse(endpoint.GetAttribute("port")));
                var publicPort = endpoint.GetAttribute("publicPort");
                var publicAddress = publicPort == "" ? null : new IPEndPoint(IPAddress.Any, int.Parse(publicPort));
                instance.Endpoints[endpoint.GetAttribute("name")] =
                    new RoleInstanceEndpoint(address, publicAddress, endpoint.GetAttribute("protocol"), instance);
            }
            return instance;
        }

        private static XmlElement Child(XmlElement parent, string name) =>
            parent[name] ?? throw new RoleEnvironmentException($"The role environment document has no {name}.");

        private static IEnumerable<XmlElement> Children(XmlElement parent, string name) =>
            Child(parent, name).ChildNodes.OfType<XmlElement>();
    }
}
