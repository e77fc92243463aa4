using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Diagnostics;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>
    /// What a role process knows of its instance and its peers (role-runtime.md 8). Values are those of the newest accepted configuration. Nothing but
    /// IsAvailable may be asked in a process that is no part of a role instance: all else throws RoleEnvironmentException there.
    /// </summary>
    public sealed class RoleEnvironment
    {
        private static EventHandler<RoleEnvironmentChangingEventArgs> changing;
        private static EventHandler<RoleEnvironmentChangedEventArgs> changed;
        private static EventHandler<SimultaneousChangingEventArgs> simultaneousChanging;
        private static EventHandler<SimultaneousChangedEventArgs> simultaneousChanged;
        private static EventHandler<RoleInstanceStatusCheckEventArgs> statusCheck;
        private static EventHandler<RoleEnvironmentStoppingEventArgs> stopping;

        private RoleEnvironment()
        {
        }

        public static event EventHandler<RoleEnvironmentChangingEventArgs> Changing
        {
            add => Listen(ref changing, changing + value);
            remove => changing -= value;
        }

        public static event EventHandler<RoleEnvironmentChangedEventArgs> Changed
        {
            add => Listen(ref changed, changed + value);
            remove => changed -= value;
        }

        public static event EventHandler<SimultaneousChangingEventArgs> SimultaneousChanging
        {
            add => Listen(ref simultaneousChanging, simultaneousChanging + value);
            remove => simultaneousChanging -= value;
        }

        public static event EventHandler<SimultaneousChangedEventArgs> SimultaneousChanged
        {
            add => Listen(ref simultaneousChanged, simultaneousChanged + value);
            remove => simultaneousChanged -= value;
        }

        public static event EventHandler<RoleInstanceStatusCheckEventArgs> StatusCheck
        {
            add => Listen(ref statusCheck, statusCheck + value);
            remove => statusCheck -= value;
        }

        public static event EventHandler<RoleEnvironmentStoppingEventArgs> Stopping
        {
            add => Listen(ref stopping, stopping + value);
            remove => stopping -= value;
        }

        public static TraceSource TraceSource { get; } = new TraceSource("Microsoft.WindowsAzure.ServiceRuntime");

        public static bool IsAvailable => RuntimeClient.Shared.IsAvailable;

        public static bool IsEmulated => Document.IsEmulated;

        public static string DeploymentId => Document.DeploymentId;

        public static RoleInstance CurrentRoleInstance => Document.Current;

        /// <summary>Its own role, and every role with an internal endpoint, by name.</summary>
        public static IDictionary<string, Role> Roles => new ReadOnlyDictionary<string, Role>(Document.Roles);

        private static EnvironmentDocument Document => RuntimeClient.Shared.Document;

        /// <summary>Throws RoleEnvironmentException for a setting that the definition does not name.</summary>
        public static string GetConfigurationSettingValue(string configurationSettingName) =>
            WindowsPath.Translate(Find(Document.Settings, configurationSettingName, "setting"));

        /// <summary>Throws RoleEnvironmentException for local storage that the definition does not name.</summary>
        public static LocalResource GetLocalResource(string localResourceName) =>
            Find(Document.LocalResources, localResourceName, "local storage");

        /// <summary>Asks for a graceful stop and a new start of this instance (H-33).</summary>
        public static void RequestRecycle() => RuntimeClient.Shared.Connect().Send("requestRecycle");

        internal static void RaiseChanging(RoleEnvironmentChangingEventArgs args) => changing?.Invoke(null, args);

        internal static void RaiseChanged(RoleEnvironmentChangedEventArgs args) => changed?.Invoke(null, args);

        internal static void RaiseSimultaneousChanging(SimultaneousChangingEventArgs args) => simultaneousChanging?.Invoke(null, args);

        internal static void RaiseSimultaneousChanged(SimultaneousChangedEventArgs args) => simultaneousChanged?.Invoke(null, args);

        internal static void RaiseStatusCheck(RoleInstanceStatusCheckEventArgs args) => statusCheck?.Invoke(null, args);

        internal static void RaiseStopping() => stopping?.Invoke(null, new RoleEnvironmentStoppingEventArgs());

        private static void Listen<Handler>(ref Handler field, Handler combined)
        {
            field = combined;
            RuntimeClient.Shared.Listen();
        }

        private static Value Find<Value>(Dictionary<string, Value> values, string name, string kind)
        {
            if (name == null) throw new ArgumentNullException(nameof(name));
            if (values.TryGetValue(name, out var value)) return value;
            var known = values.Count == 0 ? "none" : string.Join(", ", values.Keys);
            throw new RoleEnvironmentException($"No {kind} is called \"{name}\" in this role. There are: {known}.");
        }
    }
}
