using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.ServiceModel;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using static Reddog.SiteHost.MonosOwn;

namespace Reddog.SiteHost
{
    /// <summary>What the first call of a service makes and the later ones use: Mono has calls that come at once make it side by side, and loses some.</summary>
    static class FirstCalls
    {
        static readonly ConditionalWeakTable<ChannelDispatcher, object> prepared = new ConditionalWeakTable<ChannelDispatcher, object>();

        /// <summary>Makes it before the first call.</summary>
        public static void Prepare(ServiceHostBase host, ChannelDispatcher dispatcher)
        {
            object done;
            if (prepared.TryGetValue(dispatcher, out done)) return;
            lock (host)
            {
                if (prepared.TryGetValue(dispatcher, out done)) return;
                foreach (var runtime in dispatcher.Endpoints.Select(endpoint => endpoint.DispatchRuntime))
                {
                    SettleObjects(runtime);
                    foreach (var operation in runtime.Operations) MakeSerializers(operation.Formatter);
                }
                prepared.Add(dispatcher, dispatcher);
            }
        }

        /// <summary>Each call has an object of its own where a session would have one: there are none over http, and Mono takes all calls for the same
        /// session.</summary>
        static void SettleObjects(DispatchRuntime runtime)
        {
            if (runtime.InstanceContextProvider?.GetType().Name == "SessionInstanceContextProvider") runtime.InstanceContextProvider = null;
            var shared = runtime.SingletonInstanceContext;
            if (shared == null) return;
            if (shared.State == CommunicationState.Created) shared.Open();
            OrLater(() =>
            {
                Call(shared, "set_InstanceManager", Make("Dispatcher.InstanceManager", runtime));
                shared.GetServiceInstance();
            });
        }

        static void MakeSerializers(IDispatchMessageFormatter formatter)
        {
            if (formatter?.GetType().Name != "OperationFormatter") return;
            var inner = Field(formatter, "impl");
            foreach (var message in (MessageDescriptionCollection)Field(inner, "messages"))
                foreach (var described in inner.GetType().Name == "XmlMessagesFormatter" ? new object[] { message.Body } : PartsOf(message))
                    OrLater(() => Call(inner, "GetSerializer", described));
        }

        /// <summary>What cannot be made: the calls that need it say so.</summary>
        static void OrLater(Action make)
        {
            try
            {
                make();
            }
            catch (Exception)
            {
            }
        }

        static IEnumerable<object> PartsOf(MessageDescription message)
        {
            var all = message.Headers.Concat(message.Body.Parts);
            var result = message.Body.ReturnValue;
            return result == null || result.Type == typeof(void) ? all : all.Append(result);
        }
    }
}
