"""The playground's presets: eight nets that learn, and eight that are broken, each in one way."""

from engine.labs.preset import Preset, Question

GOOD = (
    Preset(
        "first-net",
        "A first net",
        "Four units draw four straight edges, and the output joins them into a ring around the inner class.",
        {"dataset": "circle", "units": (4,), "learning_rate": 0.03},
        Question(
            "How many hidden units does a net need at least to close a ring around the inner class?",
            ("One", "Two", "Three", "Eight"),
            2,
            "Each unit bends along one line. Two lines leave the ring open; a triangle is the first that closes.",
        ),
    ),
    Preset(
        "xor",
        "XOR, the problem that needs a hidden layer",
        "No straight line tells these two classes apart. Remove the hidden layer, and the loss stays at ln 2.",
        {"dataset": "xor", "units": (4,), "learning_rate": 0.03},
        Question(
            "How few units, in a single hidden layer, can tell nearly all points of the four quadrants?",
            ("One", "Two", "Three", "Six"),
            2,
            "Two edges lay a band across the plane and leave mistakes on both sides of it. Three are enough from some "
            "initial weights, four from most: the grid in the note below trains them all.",
        ),
    ),
    Preset(
        "spiral",
        "Depth for two spirals",
        "Three layers of eight: edges in the first, corners in the second, arms of the spiral in the third.",
        {"learning_rate": 0.01},
        Question(
            "A single straight cut through the outputs of one layer is to part the two arms. Which layer serves best?",
            ("The first", "The last", "Each as well as any other"),
            1,
            "Each layer folds what the one before has made, until a straight cut is enough: that is all that the "
            "output layer can make. Through the inputs themselves it predicts hardly two thirds correctly.",
        ),
    ),
    Preset(
        "spiral-features",
        "Good inputs in place of depth",
        "The same spirals with one hidden layer: sines, squares and products as inputs do the work of two layers.",
        {
            "units": (8,),
            "features": ("x", "y", "x2", "y2", "xy", "sin_x", "sin_y"),
            "learning_rate": 0.03,
        },
        Question(
            "One hidden layer of eight units, but seven inputs. Will it need more steps than three layers with two?",
            ("More", "About as many", "Far fewer"),
            2,
            "The inputs are already bent: what is left for the net to find is nearly a straight cut through them.",
        ),
    ),
    Preset(
        "blobs",
        "Five classes and a softmax",
        "Five outputs, one for each class; their softmax shares out the probability, and the largest wins the place.",
        {"dataset": "blobs", "classes": 5, "units": (8,), "learning_rate": 0.01},
        Question(
            "About how large is the loss before training, where the net knows nothing of five classes?",
            ("0.69 = ln 2", "1.61 = ln 5", "5"),
            1,
            "Who shares the probability out evenly gives the right class 1/5, and −ln(1/5) = ln 5. The initial weights "
            "share it out nearly evenly.",
        ),
    ),
    Preset(
        "iris",
        "Real flowers",
        "Fisher's irises by the length and width of their petals. Two of the three kinds overlap, and stay so.",
        {
            "dataset": "iris",
            "inputs_from": "columns",
            "column_x": "petal length (cm)",
            "column_y": "petal width (cm)",
            "units": (4,),
            "learning_rate": 0.03,
            "batch_size": 16,
        },
        Question(
            "Will it come to tell all held-out flowers right, if it only trains for long enough?",
            ("Yes", "No"),
            1,
            "Some flowers of two kinds have petals of the very same length and width: no function of these two "
            "numbers can tell them apart.",
        ),
    ),
    Preset(
        "bumps",
        "A landscape of bumps",
        "A regression: the net predicts a height for each place. With ReLU it folds flat paper into hills.",
        {"dataset": "bumps", "units": (16, 16), "activation": "relu", "learning_rate": 0.01},
        Question(
            "Of what is the landscape made that this net predicts?",
            ("Smooth hills", "Flat facets with edges between them", "Steps"),
            1,
            "A unit with ReLU is flat on either side of its edge, and a sum of such is flat between all their edges.",
        ),
    ),
    Preset(
        "one-neuron",
        "One neuron finds a line",
        "One weight and one bias, and nothing else: gradient descent finds the slope and the height of the line.",
        {"dataset": "line", "units": (), "optimizer": "sgd", "learning_rate": 0.1},
        Question(
            "With other initial weights, will it end at another line?",
            ("Yes, wherever it happens to come to rest", "No, at the same one"),
            1,
            "The squared error of a single neuron is a bowl with one lowest point, and all ways down end there. With "
            "hidden layers that is so no longer.",
        ),
    ),
)

BROKEN = (
    Preset(
        "dead-relus",
        "Units that never answer",
        "It learns, but not well, and the count of dead units climbs in the first steps. What killed them?",
        {"dataset": "circle", "activation": "relu", "optimizer": "sgd", "learning_rate": 3.0, "units": (8, 8)},
        Question(
            "Which one change keeps the units alive?",
            ("More units", "A smaller learning rate", "More points"),
            1,
            "A huge step pushes a unit below zero for every point. There ReLU is flat, no gradient comes back, and no "
            "step ever lifts it again. Smaller steps do not throw it that far; Leaky ReLU is never quite flat.",
        ),
        cure={"learning_rate": 0.1},
    ),
    Preset(
        "zero-weights",
        "Nothing moves",
        "The loss stands at 0.693 = ln 2, which is what a coin would get, and the gradient of every weight is zero.",
        {"dataset": "xor", "units": (4,), "initialisation": "zeros", "learning_rate": 0.03},
        Question(
            "Why does no weight move?",
            ("The learning rate is too small", "All units are equal, and stay equal", "XOR cannot be learnt"),
            1,
            "With all weights zero every unit puts out the same, and gets the same gradient: here none. Chance has to "
            "make them different first; that is what random initial weights are for.",
        ),
        cure={"initialisation": "xavier"},
    ),
    Preset(
        "rate-too-high",
        "A loss that explodes",
        "After a few steps the loss is larger than any number, and the run pauses.",
        {"dataset": "plane", "units": (8, 8), "activation": "leaky_relu", "optimizer": "sgd", "learning_rate": 5.0},
        Question(
            "What should be changed?",
            ("The learning rate", "The number of layers", "The seed"),
            0,
            "Each step jumps over the valley and lands higher on the other side, where the slope is steeper still. "
            "A hundredth of this rate goes down.",
        ),
        cure={"learning_rate": 0.05},
    ),
    Preset(
        "sigmoid-stack",
        "Six layers of sigmoids",
        "The last layer gets a gradient, the first almost none: the loss does not leave ln 2.",
        {
            "dataset": "circle",
            "units": (8, 8, 8, 8, 8, 8),
            "activation": "sigmoid",
            "initialisation": "normal",
            "optimizer": "momentum",
            "learning_rate": 0.05,
        },
        Question(
            "Each layer back, the gradient is multiplied by the slope of the sigmoid. How large is that at most?",
            ("1", "1/2", "1/4"),
            2,
            "At most 1/4, times small weights, six times over: less than a millionth arrives. Tanh has "
            "slope 1 at zero, and Xavier's weights keep the size from layer to layer.",
        ),
        cure={"activation": "tanh", "initialisation": "xavier"},
    ),
    Preset(
        "exploding",
        "Weights that are too large",
        "Six wide layers with large random weights: the first loss is huge, the gradient larger, and NaN follows.",
        {
            "dataset": "circle",
            "units": (16, 16, 16, 16, 16, 16),
            "activation": "leaky_relu",
            "initialisation": "normal",
            "initial_sd": 3.0,
            "optimizer": "sgd",
            "learning_rate": 0.03,
        },
        Question(
            "Which initial weights keep signals the same size through layers of ReLU?",
            ("Normal with deviation 1", "He: deviation √(2 / inputs)", "Zeros"),
            1,
            "Each sum of 16 products with deviation 3 is some eight times larger than its inputs; six layers make that "
            "a quarter of a million. He's deviation is chosen so that the factor is one.",
        ),
        cure={"initialisation": "he"},
    ),
    Preset(
        "overfit",
        "Learnt by heart",
        "Training accuracy 1, and one in three held-out points predicted wrongly, each of them with conviction: their "
        "loss is far above the ln 2 of a coin. The net has learnt the noise of 28 points.",
        {
            "dataset": "moons",
            "samples": 40,
            "noise": 0.6,
            "units": (16, 16, 16),
            "learning_rate": 0.01,
        },
        Question(
            "Which of these helps most?",
            ("More steps", "More points", "More units"),
            1,
            "With more points the noise cannot be learnt by heart any more. A penalty on the weights, dropout, or "
            "stopping early help too, where more points are not to be had.",
        ),
        cure={"samples": 800},
    ),
    Preset(
        "unscaled",
        "Inputs of very different size",
        "Proline runs to 1,680, colour to 13: every unit is driven to a flat end, and no gradient reaches layer 1.",
        {
            "dataset": "wine",
            "inputs_from": "columns",
            "column_x": "proline",
            "column_y": "color_intensity",
            "standardise": False,
            "units": (8,),
            "optimizer": "sgd",
            "learning_rate": 0.1,
        },
        Question(
            "What is to be done to the inputs?",
            ("Square them", "Subtract the mean and divide by the deviation", "Leave one out"),
            1,
            "Then all inputs lie around zero with deviation one, the units start where they slope, and one rate fits "
            "all weights.",
        ),
        cure={"standardise": True},
    ),
    Preset(
        "shuffled-labels",
        "Labels without a meaning",
        "Every label was given to another point at random. Training accuracy still climbs; validation stays a coin's.",
        {
            "dataset": "gaussians",
            "samples": 60,
            "train_share": 0.5,
            "shuffled_labels": 1.0,
            "units": (16, 16, 16),
            "learning_rate": 0.02,
        },
        Question(
            "Can the training loss of a large net go to zero on labels that mean nothing?",
            ("No, there is nothing to learn", "Yes, it can learn them by heart"),
            1,
            "Nets have room to learn by heart (Zhang and others 2016, arXiv:1611.03530). Only points held out "
            "tell whether anything was understood.",
        ),
        cure={"shuffled_labels": 0.0},
    ),
)

PRESETS = (*GOOD, *BROKEN)
