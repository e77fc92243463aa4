using System;
using System.Net;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Dispatcher;
using System.Web;
using System.Xml;
using static Reddog.SiteHost.MonosOwn;

namespace Reddog.SiteHost
{
    /// <summary>A service of WCF, whose operations run on the thread of the request. Mono hands a request to a thread of its own instead, and ends the
    /// process there for what cannot be read (any body without a type) or written (the answer of an operation without a result).</summary>
    sealed class ServiceHandler : IHttpHandler
    {
        static readonly FailureNote note = new FailureNote();
        static readonly object tables = new object();

        public readonly IHttpHandler Inner;

        public ServiceHandler(IHttpHandler inner)
        {
            Inner = inner;
        }

        public bool IsReusable => false;

        public void ProcessRequest(HttpContext context)
        {
            ServiceHostBase host;
            ChannelDispatcher dispatcher;
            // Mono's tables of services and their addresses take one at a time.
            lock (tables)
            {
                Call(Inner, "EnsureServiceHost");
                host = (ServiceHostBase)Call(Inner, "get_Host");
                dispatcher = DispatcherOf(host, context);
            }
            var listener = TransportOf(dispatcher.Listener);
            // What secures messages is a channel of its own, which Mono's way alone goes through.
            if (listener.GetType().Name != "HttpChannelListener`1")
            {
                Inner.ProcessRequest(context);
                return;
            }
            FirstCalls.Prepare(host, dispatcher);
            try
            {
                var call = new ServiceCall(context, listener.Uri, (MessageEncoder)Call(listener, "get_MessageEncoder"));
                var transport = (HttpTransportBindingElement)Call(listener, "get_Source");
                // Who signs in to a binding is nobody whom we know.
                if (transport.AuthenticationScheme != AuthenticationSchemes.Anonymous) throw new CallException(401, "the binding asks for a sign-in");
                if (IsOneByOne(host)) lock (host) Answer(call, dispatcher, listener);
                else Answer(call, dispatcher, listener);
            }
            catch (CallException refused)
            {
                // A client's own fault is in the web log, or a stranger could fill this one.
                if (refused.Status >= 500) Console.Error.WriteLine("SiteHost: " + context.Request.Path + ": " + refused.Message);
                context.Response.Clear();
                context.Response.StatusCode = refused.Status;
            }
        }

        /// <summary>Throws a CallException where the call has no answer of its own.</summary>
        static void Answer(ServiceCall call, ChannelDispatcher dispatcher, IChannelListener listener)
        {
            lock (note)
                if (!dispatcher.ErrorHandlers.Contains(note)) dispatcher.ErrorHandlers.Add(note);
            FailureNote.Last = null;
            try
            {
                Call(Field(dispatcher, "loop_manager"), "ProcessRequest", Make("Channels.Http.HttpReplyChannel", listener), call);
            }
            catch (Exception fault) when (!call.IsAnswered)
            {
                // What is not SOAP has no form for a fault.
                FailureNote.Last = FailureNote.Last ?? fault;
            }
            if (call.IsAnswered) return;
            if (FailureNote.Last != null) throw new CallException(IsUnreadable(FailureNote.Last) ? 400 : 500, FailureNote.Last.ToString());
            call.Accept();
        }

        /// <summary>Whether one object serves all calls, and says that it takes one at a time, as without a word.</summary>
        static bool IsOneByOne(ServiceHostBase host)
        {
            var said = host.Description.Behaviors.Find<ServiceBehaviorAttribute>();
            return said != null && said.InstanceContextMode == InstanceContextMode.Single && said.ConcurrencyMode == ConcurrencyMode.Single;
        }

        static bool IsUnreadable(Exception fault)
        {
            return fault is XmlException || fault is SerializationException || fault is FormatException;
        }

        /// <summary>Of several addresses of a service the one that is asked, as Mono selects it: description or operations.</summary>
        ChannelDispatcher DispatcherOf(ServiceHostBase host, HttpContext context)
        {
            var table = Call(TypeOf("Channels.Http.HttpListenerManagerTable"), "GetOrCreate", host);
            var manager = Call(table, "GetOrCreateManager", context.Request.Url, null) ?? Call(table, "GetOrCreateManager", host.BaseAddresses[0], null);
            var entry = Call(manager, "SelectChannel", Make("Channels.Http.AspNetHttpContextInfo", Inner, context));
            if (entry == null) throw new HttpException(404, "The service has nothing at this address.");
            return (ChannelDispatcher)Call(entry, "get_ChannelDispatcher");
        }

        /// <summary>The listener below that of transactions, which adds nothing to a call.</summary>
        static IChannelListener TransportOf(IChannelListener listener)
        {
            return listener.GetType().Name == "TransactionChannelListener`1" ? (IChannelListener)Field(listener, "inner_listener") : listener;
        }

        /// <summary>Notes what went wrong with the call of this thread: Mono does not say it of what it does not answer.</summary>
        sealed class FailureNote : IErrorHandler
        {
            [ThreadStatic]
            public static Exception Last;

            public bool HandleError(Exception fault)
            {
                Last = fault;
                return false;
            }

            public void ProvideFault(Exception fault, MessageVersion version, ref Message answer)
            {
            }
        }
    }
}
