using System;
using System.Linq;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.ServiceModel;
using System.ServiceModel.Activation;
using System.ServiceModel.Configuration;
using System.Web;
using System.Web.Configuration;

namespace Reddog.SiteHost
{
    /// <summary>Mono's handlers of `.svc`, which find nothing in a factory that a service names but what Mono has left out.</summary>
    public sealed class ServiceHandlers : IHttpHandlerFactory
    {
        static readonly Type monos = typeof(ServiceHost).Assembly.GetType("System.ServiceModel.Channels.SvcHttpHandlerFactory", true);

        readonly IHttpHandlerFactory inner = (IHttpHandlerFactory)Activator.CreateInstance(monos, true);

        public IHttpHandler GetHandler(HttpContext context, string verb, string url, string file)
        {
            // One at a time: Mono makes a service twice for calls that come at once.
            lock (monos)
            {
                AddNamelessBehavior();
                return new ServiceHandler(Whole(inner.GetHandler(context, verb, url, file)));
            }
        }

        static IHttpHandler Whole(IHttpHandler handler)
        {
            var field = handler.GetType().GetField("factory_type", BindingFlags.Instance | BindingFlags.NonPublic);
            var factory = field?.GetValue(handler) as Type;
            if (factory != null && NeedsMore(factory)) field.SetValue(handler, typeof(WholeFactory<>).MakeGenericType(factory));
            return handler;
        }

        public void ReleaseHandler(IHttpHandler handler)
        {
            inner.ReleaseHandler(((ServiceHandler)handler).Inner);
        }

        /// <summary>A service need name no behaviour (WCF 4); Mono refuses one where there is none without a name.</summary>
        void AddNamelessBehavior()
        {
            var behaviors = ((BehaviorsSection)WebConfigurationManager.GetSection("system.serviceModel/behaviors")).ServiceBehaviors;
            if (!behaviors.ContainsKey("")) behaviors.Add(new ServiceBehaviorElement(""));
        }

        /// <summary>Whether a factory leaves to its base how a host is made of a service's name: Mono's throws NotImplementedException.</summary>
        static bool NeedsMore(Type factory)
        {
            var method = factory.GetMethod("CreateServiceHost", new[] { typeof(string), typeof(Uri[]) });
            return typeof(ServiceHostFactory).IsAssignableFrom(factory) && method.DeclaringType == typeof(ServiceHostFactory);
        }
    }

    /// <summary>A factory with what its base lacks.</summary>
    sealed class WholeFactory<T> : ServiceHostFactory where T : ServiceHostFactory
    {
        readonly T inner = (T)Activator.CreateInstance(typeof(T), true);

        public override ServiceHostBase CreateServiceHost(string service, Uri[] addresses)
        {
            var types = new[] { typeof(Type), typeof(Uri[]) };
            var make = typeof(T).GetMethod("CreateServiceHost", BindingFlags.Instance | BindingFlags.NonPublic, null, types, null);
            try
            {
                return (ServiceHostBase)make.Invoke(inner, new object[] { TypeOf(service), addresses });
            }
            catch (TargetInvocationException fault)
            {
                ExceptionDispatchInfo.Capture(fault.InnerException).Throw();
                throw;
            }
        }

        static Type TypeOf(string service)
        {
            var found = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(service)).FirstOrDefault(type => type != null);
            if (found == null) throw new InvalidOperationException("The service " + service + " is in no library of the application.");
            return found;
        }
    }
}
