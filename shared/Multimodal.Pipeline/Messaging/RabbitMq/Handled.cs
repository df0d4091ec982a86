namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>What became of a message.</summary>
internal enum Handled
{
    /// <summary>It is acknowledged.</summary>
    Done,

    /// <summary>Nobody can handle it: it goes to the dead letters.</summary>
    DeadLetter,

    /// <summary>It goes back to the queue, for another try; the queue's delivery limit ends it.</summary>
    Back,

    /// <summary>This process stops; the broker delivers it to another.</summary>
    Leave,
}
