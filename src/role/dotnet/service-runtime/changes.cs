using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.ComponentModel;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>One difference between two role environments (role-runtime.md 7).</summary>
    public abstract class RoleEnvironmentChange
    {
        internal RoleEnvironmentChange()
        {
        }
    }

    public class RoleEnvironmentConfigurationSettingChange : RoleEnvironmentChange
    {
        public RoleEnvironmentConfigurationSettingChange(string configurationSettingName)
        {
            ConfigurationSettingName = configurationSettingName;
        }

        public string ConfigurationSettingName { get; }
    }

    /// <summary>Instances of that role, their domains or their endpoints differ.</summary>
    public class RoleEnvironmentTopologyChange : RoleEnvironmentChange
    {
        public RoleEnvironmentTopologyChange(string roleName)
        {
            RoleName = roleName;
        }

        public string RoleName { get; }
    }

    /// <summary>Cancel takes the change with a restart of the role instead of online (U-48).</summary>
    public class RoleEnvironmentChangingEventArgs : CancelEventArgs
    {
        public RoleEnvironmentChangingEventArgs(IList<RoleEnvironmentChange> changes)
        {
            Changes = new ReadOnlyCollection<RoleEnvironmentChange>(changes);
        }

        public ReadOnlyCollection<RoleEnvironmentChange> Changes { get; }
    }

    public class RoleEnvironmentChangedEventArgs : EventArgs
    {
        public RoleEnvironmentChangedEventArgs(IList<RoleEnvironmentChange> changes)
        {
            Changes = new ReadOnlyCollection<RoleEnvironmentChange>(changes);
        }

        public ReadOnlyCollection<RoleEnvironmentChange> Changes { get; }
    }

    /// <summary>A topology change that is told to all instances at once; it cannot be cancelled (U-53).</summary>
    public class SimultaneousChangingEventArgs : EventArgs
    {
        public SimultaneousChangingEventArgs(IList<RoleEnvironmentChange> changes)
        {
            Changes = new ReadOnlyCollection<RoleEnvironmentChange>(changes);
        }

        public ReadOnlyCollection<RoleEnvironmentChange> Changes { get; }
    }

    public class SimultaneousChangedEventArgs : EventArgs
    {
        public SimultaneousChangedEventArgs(IList<RoleEnvironmentChange> changes)
        {
            Changes = new ReadOnlyCollection<RoleEnvironmentChange>(changes);
        }

        public ReadOnlyCollection<RoleEnvironmentChange> Changes { get; }
    }

    public class RoleEnvironmentStoppingEventArgs : EventArgs
    {
    }
}
