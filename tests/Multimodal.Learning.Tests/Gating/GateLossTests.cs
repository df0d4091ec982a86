using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Gating;

/// <summary>
/// Loss and gradient of every kind of gate against PyTorch 1.13 in double precision. The expression in PyTorch is above each test, with s,
/// r, n, e as below, B = 4, E = 3, K = 10, and the notation of the paper.
/// </summary>
public sealed class GateLossTests
{
    private const int Labels = 10;

    private static readonly double[][] S = [[0.5, -0.3, 1.2], [1.5, 0.2, -0.7], [-0.4, 0.9, 0.3], [0.1, 0.0, -1.1]];
    private static readonly double[][] R = [[0.2, -0.5, 0.1], [0.0, 0.3, -0.2], [0.4, -0.1, 0.6], [-0.3, 0.2, 0.5]];
    private static readonly double[][] N = [[0.3, -1.1, 0.4], [-0.6, 0.8, 1.3], [0.7, -0.2, -0.9], [1.6, 0.1, 0.5]];
    private static readonly double[][] LogLikelihoods = [[-0.1, -2.0, -1.0], [-3.0, -0.2, -0.5], [-1.5, -0.7, -0.05], [-0.4, -2.5, -1.2]];

    // -(log_softmax(s, 1) + e).logsumexp(1).sum()
    [Fact]
    public void Soft_Batch_MatchesReference() => AssertLoss("soft", Batch(S), new TrainingOptions { WithinModality = 0 }, 3.604957062280417,
    [
        [-0.24148045719316746, 0.09411320907732146, 0.14736724811584606], [0.5765110103043641, -0.45901764396680533, -0.11749336633755886],
        [0.09329752813649657, 0.08900601371163663, -0.18230354184813335], [-0.3491763984659706, 0.3212479921420683, 0.02792840632390238],
    ]);

    // (softmax(s, 1) * (-e).clamp(max=4)).sum()
    [Fact]
    public void Hard_Batch_MatchesReference() => AssertLoss("hard", Batch(S), new TrainingOptions(), 5.112406646067788,
    [
        [-0.22230609464836892, 0.1466332052258044, 0.07567288942256448], [0.5435244795541343, -0.40350227102189395, -0.1400222085322405],
        [0.13110089408378775, 0.04181185550317652, -0.17291274958696415], [-0.43996315774433964, 0.4632518050068178, -0.02328864726247839],
    ]);

    // c = [pairs 01, 02, 12 of each]; k = (-stack([e[:, 0], c[:, 0], e[:, 1], c[:, 1], c[:, 2], e[:, 2]], 1)).clamp(max=4)
    // ((o.exp() - k * o) / 6).sum()
    [Fact]
    public void Pairs_Batch_MatchesReference()
    {
        double[][] o =
        [
            [0.5, -0.3, 1.2, -0.8, 0.1, -1.5], [1.5, 0.2, -0.7, 0.3, -0.4, 0], [-0.4, 0.9, 0.3, -1.1, -0.6, 0.7], [0.1, 0, -1.1, 0.4, -2, -0.2],
        ];
        double[][] c = [[-0.1, -2.0, -5.0], [-3.0, -0.2, -0.5], [-1.5, -0.7, -0.05], [-0.4, -2.5, -1.2]];
        var batch = Batch(o);
        for (var n = 0; n < batch.Count; n++)
        {
            var logLikelihoods = batch.PairLogLikelihood(n);
            (logLikelihoods[1], logLikelihoods[2], logLikelihoods[5]) = (c[n][0], c[n][1], c[n][2]);
        }

        AssertLoss("pairs", batch, new TrainingOptions(), 4.763548761686958,
        [
            [0.2581202117833547, 0.10680303678028631, 0.22001948712275782, -0.25844517264712974, -0.4824715136540587, -0.12947830664192836],
            [0.24694817838967742, -0.29643287363997173, 0.04943088396523492, 0.19164313459600052, 0.028386674339273207, 0.08333333333333333],
            [-0.13827999232739346, 0.1599338518594916, 0.10830980126266719, -0.06118815271698673, 0.08313527268233775, 0.32729211791174606],
            [0.11752848634594128, 0.09999999999999999, -0.3611881527169867, -0.16802921705978824, -0.17744411946056454, -0.06354487448700302],
        ]);
    }

    // o = sin(1 + n + 0.37 arange(70)); t = o[:, :60].reshape(4, 6, 10) at y = [3, 0, 9, 5]; k as above
    // ((t.exp() - k * t) / 6).sum() + cross_entropy(o[:, 60:], y, reduction='sum')
    [Fact]
    public void PairsByLabel_Batch_MatchesReferenceAndOnlyTrainsTheTrueLabel()
    {
        int[] truths = [3, 0, 9, 5];
        double[][] c = [[-0.1, -2.0, -5.0], [-3.0, -0.2, -0.5], [-1.5, -0.7, -0.05], [-0.4, -2.5, -1.2]];
        var batch = Batch([.. truths.Select((_, n) => Enumerable.Range(0, 70).Select(k => Math.Sin(1 + n + 0.37 * k)).ToArray())]);
        for (var n = 0; n < batch.Count; n++)
        {
            var logLikelihoods = batch.PairLogLikelihood(n);
            (logLikelihoods[1], logLikelihoods[2], logLikelihoods[5]) = (c[n][0], c[n][1], c[n][2]);
            batch.TrueLabels[n] = truths[n];
        }

        double[][] pairs =
        [
            [0.3764528343134206, 0.088998142674238, -0.18026615617129255, -0.0296157017477488, -0.6010899547388211, 0.27832987436702394],
            [-0.0862370453308332, -0.4039075962913401, 0.13751414778322796, 0.24384393908636093, -0.014723986533802455, 0.3682796601792191],
            [-0.07534835247897118, -0.1556462402691628, 0.3008156692596637, -0.054649523080384774, 0.3475444070759133, 0.1153664986169387],
            [0.04286698157317048, 0.08043158947757388, -0.10322702922999927, -0.35198018445267837, 0.24130773728335494, -0.11766714331233047],
        ];
        double[][] labels =
        [
            [0.03442122883407202, 0.03226283177593895, 0.03462233949451576, -0.9578653601446058, 0.05662503366146322, 0.08074019695108967, 0.1164204020054028, 0.16155286203649596, 0.20639007376858584, 0.23483039161704153],
            [-0.9731659810386893, 0.0351427892223247, 0.049470478278050276, 0.07146859604424387, 0.10081372194805342, 0.13253729993787358, 0.1564909180892077, 0.1622584808312517, 0.14701631280314834, 0.11796738388453583],
            [0.05918909953482528, 0.08451990422101172, 0.11396868361178823, 0.13936378333773003, 0.15039306911774852, 0.14175627014950298, 0.11764398091636656, 0.08815955355470023, 0.062029759887962256, -0.9570241043316359],
            [0.15655942863228964, 0.17567781065209642, 0.17238448763945521, 0.14829803948982728, 0.11414979528383443, -0.9185481882230679, 0.05639627266173496, 0.03982282086990154, 0.03006067782128778, 0.025198855172640887],
        ];
        AssertLoss("pairs-by-label", batch, new TrainingOptions(), 18.092859313133197,
        [
            .. truths.Select((truth, n) => (double[])
                [.. pairs[n].SelectMany(slope => Enumerable.Range(0, 10).Select(label => label == truth ? slope : 0)), .. labels[n]]),
        ]);
    }

    // sigma = softplus(r) + 0.01; H = s + n * sigma; top = H.topk(2, 1); G = zeros.scatter(1, top.indices, softmax(top.values, 1))
    // P[x, i] = Normal(0, 1).cdf((s[x, i] - H[x without i].topk(2).values[-1]) / sigma[x, i]); cv2(v) = v.var(unbiased=False) / v.mean()**2
    // -log((G * e.exp()).sum(1)).sum() + B * 0.1 * cv2(G.sum(0)) + B * 0.1 * cv2(P.sum(0))
    [Fact]
    public void TopK_NoisyBatch_MatchesReference()
    {
        var batch = Batch([.. S.Zip(R, (s, r) => (double[])[.. s, .. r])]);
        for (var n = 0; n < batch.Count; n++)
        {
            N[n].CopyTo(batch.Noise(n));
        }

        AssertLoss("top-k", batch, new TrainingOptions { K = 2, Balance = 0.1 }, 3.2511244925950984,
        [
            [-0.1695028284091054, -0.00474302323409485, 0.1742458516432003, -0.03238278411405242, 0.00042093122000724, 0.03763933294847988],
            [0.5025425666460459, -0.5062004326739471, 0.003657866027901, -0.1525027464884818, -0.2288370660425033, 0.00155753743183142],
            [0.21350853526975544, -0.18299609069261474, -0.03051244457714078, 0.08164023726619667, 0.0179887361959217, 0.00813868382364451],
            [-0.20967851607903273, 0.22345676766501155, -0.013778251585979, -0.15549699875258277, 0.01499689887756369, -0.00824572609652398],
        ]);
    }

    // g = softmax(s, 1); i = g.argmax(1); f = bincount(i) / B; gi, pi = g and e.exp() gathered at i
    // -log(gi * pi + (1 - gi) / K).sum() + B * 0.1 * E * (f * g.mean(0)).sum() + 0.05 * (s.logsumexp(1)**2).sum()
    [Fact]
    public void Switch_CapacityForAll_MatchesReference() => AssertLoss(
        "switch", Batch(S), new TrainingOptions { Balance = 0.1, ZLoss = 0.05, Capacity = 2 }, 7.180722783565284,
        [
            [0.24157155937705943, 0.098813975938322, -0.1661696503955117], [0.3048178265460957, -0.0869975434013492, -0.03537056161895454],
            [0.13452175662202057, -0.23285868798068252, 0.24829436902507196], [-0.33522873701241956, 0.31837157253229736, 0.10597669036748755],
        ]);

    // top = s.topk(2, 1); m = full(-inf).scatter(1, top.indices, top.values); f = bincount(top.indices) / (2 B)
    // -(log_softmax(m, 1) + e).logsumexp(1).sum() + B * 0.1 * E * (f * g.mean(0)).sum()
    [Fact]
    public void Mixtral_Batch_MatchesReference() =>
        AssertLoss("mixtral", Batch(S), new TrainingOptions { Balance = 0.1 }, 3.9117548222601104,
    [
        [-0.2117250849205022, 0.00282928275078139, 0.2088958021697209], [0.6055808036092185, -0.6028176988609298, -0.00276310474828875],
        [0.00169078375138468, 0.16435768989462624, -0.16604847364601108], [-0.3729494341384319, 0.37737035084960363, -0.0044209167111717],
    ]);

    // u = r[:, :2], v = s; gm = log_softmax(u, 1); low = cat([log_softmax(v[:, :2], 1), zeros], 1) joint = stack([gm[:, 0] + low[:, 0] +
    // e[:, 0], gm[:, 0] + low[:, 1] + e[:, 1], gm[:, 1] + e[:, 2]], 1); h = softmax(joint, 1).detach() -(h[:, 0] * (gm[:, 0] + low[:, 0]) +
    // h[:, 1] * (gm[:, 0] + low[:, 1]) + h[:, 2] * gm[:, 1]).sum(); likelihood -joint.logsumexp(1).sum()
    [Fact]
    public void Hierarchical_OneExpectation_MatchesReference()
    {
        var batch = Batch([.. S.Zip(R, (s, r) => (double[])[.. r[..2], .. s])], [0, 0, 1]);
        for (var n = 0; n < batch.Count; n++)
        {
            batch.Output(n).CopyTo(batch.PreviousOutput(n));
        }

        AssertLoss("hierarchical", batch, new TrainingOptions(), 3.677916721157985,
        [
            [-0.11662604530626308, 0.11662604530626319, -0.19388995101446127, 0.19388995101446124, 0],
            [0.21798084356262543, -0.21798084356262526, 0.12525370786662107, -0.1252537078666211, 0],
            [0.1908992611917958, -0.1908992611917958, 0.04534323791880524, -0.04534323791880525, 0],
            [-0.06291490535430877, 0.06291490535430877, -0.16528990575612967, 0.16528990575612973, 0],
        ]);
        batch.Training = false;
        Assert.Equal(2.941292130267329, Gates.Table["hierarchical"].Loss(batch, new TrainingOptions()), 14);
    }

    // z = [0.5, -1, 2]; out = b - t.exp() * (z - mu).norm(dim=1); (out * [1, -2, 0.5]).sum().backward()
    [Fact]
    public void Laplace_DistanceAndGradient_MatchReference()
    {
        var network = new DistanceNetwork(3, 3);
        double[] parameters = [0, 0, 0, 1, -1, 0.5, -0.3, 0.2, 1.7, 0.1, -0.2, 0.3, 0.4];
        double[] z = [0.5, -1, 2];
        var outputs = new double[3];
        var gradient = new double[parameters.Length];
        network.Forward(parameters, z, [], outputs);
        network.Backward(parameters, z, [], [1, -2, 0.5], gradient);
        LogSpaceTests.AssertClose([-3.3181998002728648, -2.5587819571192183, -1.8975950070084922], outputs, 1e-14);
        LogSpaceTests.AssertClose(
        [
            0.32554283812122525, -0.6510856762424505, 1.302171352484901, 0.9435127828476872, 0, -2.8305383485430617,
            0.4050866372365884, -0.6076299558548826, 0.1519074889637207, 1, -2, 0.5, 0.20056661046132548,
        ], gradient, 1e-14);
    }

    [Fact]
    public void Laplace_InputAtACentre_HasNoGradient()
    {
        var gradient = new double[4];
        new DistanceNetwork(2, 1).Backward([1, 2, 0, 0], [1, 2], [], [1], gradient);
        Assert.Equal([0, 0, 1, 0], gradient);
    }

    [Fact]
    public void Dispatch_BestAtCapacity_IsTheNextBestOrTheBestIfAllAreFull()
    {
        bool[] hasOpinion = [true, true, false];
        Assert.Equal(0, SwitchKind.Dispatch([2, 1, 9], hasOpinion, [0, 0, 0], [1, 1, 1]));
        Assert.Equal(1, SwitchKind.Dispatch([2, 1, 9], hasOpinion, [1, 0, 0], [1, 1, 1]));
        Assert.Equal(0, SwitchKind.Dispatch([2, 1, 9], hasOpinion, [1, 1, 0], [1, 1, 1]));
    }

    /// <summary>Work counts relative to the fair share, so an expert of a rare modality does not increase the variation.</summary>
    [Fact]
    public void SquaredVariation_WorkProportionalToFairShares_IsZero()
    {
        double[] values = [3, 1.5, 0];
        Assert.Equal(0, LoadBalance.SquaredVariation(values, [2, 1, 0]), 15);
        Assert.Equal([0, 0, 0], values);
        double[] nothing = [0, 0];
        Assert.Equal(0, LoadBalance.SquaredVariation(nothing, [1, 1]));
    }

    private static GateBatch Batch(double[][] outputs, int[]? modalities = null)
    {
        var batch = new GateBatch(3, outputs[0].Length, Labels, modalities ?? [0, 1, 2], 4) { Count = 4, Training = true };
        for (var n = 0; n < batch.Count; n++)
        {
            outputs[n].CopyTo(batch.Output(n));
            LogLikelihoods[n].CopyTo(batch.LogLikelihood(n));
            batch.HasOpinion(n).Fill(true);
        }

        return batch;
    }

    private static void AssertLoss(string kind, GateBatch batch, TrainingOptions options, double loss, double[][] gradient)
    {
        Assert.Equal(loss, Gates.Table[kind].Loss(batch, options), 1e-13);
        for (var n = 0; n < batch.Count; n++)
        {
            LogSpaceTests.AssertClose(gradient[n], batch.Gradient(n).ToArray(), 1e-13);
        }
    }
}
