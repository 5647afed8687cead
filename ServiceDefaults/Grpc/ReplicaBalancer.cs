using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// The replicas of a service in turn, but for a while none that has just refused a call. The library's own round robin
/// trusts a connection once opened: if the replica dies before the connection has carried a call, nothing ever tells it,
/// and every second call goes to the dead one for as long as it is dead.
/// </summary>
internal sealed class ReplicaBalancer(IChannelControlHelper controller, TimeProvider time, ILoggerFactory logging) : SubchannelsLoadBalancer(controller, logging)
{
    /// <summary>Its name in a service configuration.</summary>
    public const string PolicyName = "replicas";

    /// <summary>So long a replica that was not available is asked only if there is no other: about as long as a restart takes.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <summary>Made anew whenever a replica comes or goes; who rests is then forgotten, at the price of one call.</summary>
    protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels) =>
        new Picker([.. readySubchannels.Select(ready => new Replica(ready, time))], time);

    private sealed class Picker(Replica[] replicas, TimeProvider time) : SubchannelPicker
    {
        private uint _turn;

        public override PickResult Pick(PickContext context)
        {
            var (first, now) = (Interlocked.Increment(ref _turn), time.GetTimestamp());
            for (uint i = 0; i < replicas.Length; i++)
            {
                var replica = replicas[unchecked(first + i) % replicas.Length];
                if (replica.RestsUntil <= now)
                {
                    return PickResult.ForSubchannel(replica.Subchannel, replica);
                }
            }

            var any = replicas[first % replicas.Length];
            return PickResult.ForSubchannel(any.Subchannel, any);
        }
    }

    /// <summary>A replica, and how its calls ended.</summary>
    private sealed class Replica(Subchannel subchannel, TimeProvider time) : ISubchannelCallTracker
    {
        private long _restsUntil = long.MinValue;

        public Subchannel Subchannel => subchannel;

        public long RestsUntil => Interlocked.Read(ref _restsUntil);

        public void Start()
        {
        }

        public void Complete(CompletionContext context)
        {
            if (context.Error is HttpRequestException)
            {
                Interlocked.Exchange(ref _restsUntil, time.GetTimestamp() + (long)(Rest.TotalSeconds * time.TimestampFrequency));
            }
        }
    }

    /// <summary>Makes it for a channel.</summary>
    internal sealed class Factory(TimeProvider time, ILoggerFactory logging) : LoadBalancerFactory
    {
        /// <inheritdoc/>
        public override string Name => PolicyName;

        /// <inheritdoc/>
        public override LoadBalancer Create(LoadBalancerOptions options) => new ReplicaBalancer(options.Controller, time, logging);
    }

    /// <summary>Chooses it in a service configuration.</summary>
    internal static LoadBalancingConfig Config => new(PolicyName);
}
